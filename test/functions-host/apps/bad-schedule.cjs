require("@azure/functions").app.timer("often", { schedule: process.env.BAD_SCHEDULE, handler: () => undefined });
