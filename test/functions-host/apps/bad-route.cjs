require("@azure/functions").app.http("odd", { route: "items/{id:regex(x)}", handler: () => undefined });
