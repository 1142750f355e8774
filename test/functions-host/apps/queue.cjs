require("@azure/functions").app.storageQueue("onQueue", { queueName: "q", connection: "C", handler: () => undefined });
