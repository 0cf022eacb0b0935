using IotOps.Archive;
using IotOps.SlackExport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.SlackExport/README.md.</summary>
internal static class SlackExportReadme
{
    public static async Task Serve(string[] args, string signingSecret)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddIotOpsSlackExport(new SlackExportOptions
        {
            SigningSecrets = [signingSecret], // of the Slack app, page Basic Information
            Authorization = new SlackExportAuthorization
            {
                AppId = "A0123456789",
                Workspaces = [new SlackExportWorkspace { TeamId = "T0123456789", Grants = [new SlackExportGrant { Users = ["U0123456789"], Categories = ["*"] }] }],
            },
            Layout = new LogLayout(
                new LogCategory { Name = "telemetry", Prefix = "telemetry/{identifier}/{yyyy}/{MM}/{dd}/" },
                new LogCategory { Name = "command", Aliases = ["commands"], Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" }),
            Environments = [new SlackExportEnvironment { Bucket = "dev-iot-logs", Region = "eu-west-1" }],
            RunsInProcess = true, // or JobQueue and JobDefinition of AWS Batch in the environment
        });
        WebApplication app = builder.Build();
        app.MapSlackCommand("/slack/iot-log");
        app.MapSlackInteractivity("/slack/interactivity");
        app.MapSlackDownloads(); // for links that Slack or short-lived keys do not let be presigned; set PublicUrl
        await app.RunAsync();
    }

    public static async Task<LogExportResult> Export(
        SlackExportOptions options, string identifier, string[] categories, DateOnly date, string requestId, int attempt, CancellationToken stopping)
    {
        using var job = new SlackExportJob(options);
        LogExportResult result = await job.RunAsync(
            new LogExportRequest { Identifier = identifier, Categories = categories, Date = date, Id = requestId },
            isRetry: attempt > 1,
            cancellationToken: stopping);
        return result;
    }

    public static async Task AnswerLambda(SlackExportOptions options)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddIotOpsSlackExport(options);
        await builder.Build().RunSlackLambdaAsync("/slack/iot-log");
    }
}
