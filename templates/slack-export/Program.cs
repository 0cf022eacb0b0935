WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddIotOpsSlackExport(builder.Configuration.GetSection("SlackExport"));
WebApplication app = builder.Build();
app.MapSlackCommand("/slack/iot-log");
app.MapSlackInteractivity("/slack/interactivity");
app.MapSlackDownloads();
app.MapGet("/health", () => "ok");
await app.RunAsync();
