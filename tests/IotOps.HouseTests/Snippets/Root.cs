using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.HouseTests.Snippets;

/// <summary>The cloud worker of README.md. Its agent is samples/WorkerAgent, its test ReportUploadTests.cs.</summary>
internal static class Root
{
    public static async Task Serve(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddIotOpsSlackExport(builder.Configuration.GetSection("SlackExport"));
        WebApplication app = builder.Build();
        app.MapSlackCommand("/slack/iot-log");
        app.MapSlackInteractivity("/slack/interactivity");
        app.MapSlackDownloads();
        await app.RunAsync();
    }
}
