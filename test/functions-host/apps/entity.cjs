require("durable-functions").app.entity("counter", (context) => context.df.return(1));
