using IotOps.Emulator;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Slack;

/// <summary>Several environments, each with a bucket, a job definition and a role of its own.</summary>
public sealed class SlackEnvironmentTests(InteropPeers peers) : IAsyncLifetime
{
    private const string ProdBucket = SlackStage.Bucket + "-prod";
    private const string RoleArn = "arn:aws:iam::210987654321:role/LogExport";

    private SlackStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SlackStage.OpenAsync(peers);
        _stage.Aws.Sts.SetRole(new EmulatedRole { Arn = RoleArn, ExternalId = "the-word-of-both" });
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_fourth_word_or_the_default_says_where_and_status_and_link_find_it_again()
    {
        await using LogExportProcess serve = await StartAsync(", defaultEnvironment: 'dev'");

        (await AskAsync(serve, "THING00001 command 2023/10/01")).ShouldContain("Generating log file...");
        (await AskAsync(serve, "THING00001 telemetry 2023/10/01 prod")).ShouldContain("Generating log file...");
        EmulatedBatchJob dev = await _stage.WaitForJobAsync("dev-");
        EmulatedBatchJob prod = await _stage.WaitForJobAsync("prod-");

        dev.JobDefinition.ShouldStartWith("iot-log-export:");
        prod.JobDefinition.ShouldStartWith("iot-log-export-prod:");
        prod.SubmittedBy.ShouldContain("LogExport");
        dev.SubmittedBy.ShouldNotContain("LogExport");
        foreach (EmulatedBatchJob job in (EmulatedBatchJob[])[dev, prod])
        {
            (await AskAsync(serve, $"status {job.JobName}")).ShouldContain($"Is done: /iot-log link {job.JobName}");
        }

        Uri ofDev = SlackStage.Link(await AskAsync(serve, $"link {dev.JobName}"));
        ofDev.AbsolutePath.ShouldStartWith($"/{SlackStage.Bucket}/");
        await _stage.ReadZipAsync(ofDev, "command");
        Uri ofProd = SlackStage.Link(await AskAsync(serve, $"link {prod.JobName}"));
        ofProd.AbsolutePath.ShouldStartWith($"/{ProdBucket}/");
        await _stage.ReadZipAsync(ofProd, "telemetry");
    }

    [Fact]
    public async Task Without_a_default_the_word_is_a_must_and_an_id_of_nowhere_is_nobodys()
    {
        await using LogExportProcess serve = await StartAsync("");

        (await AskAsync(serve, "THING00001 command 2023/10/01")).ShouldContain("The environment is missing: dev, prod.");
        (await AskAsync(serve, "status stg-0123456789abcdef")).ShouldContain("There is no request stg-0123456789abcdef");
        (await AskAsync(serve, "link prod-0123456789abcdef")).ShouldContain("There is no request prod-0123456789abcdef");
        (await AskAsync(serve, "THING00001 command 2023/10/01 dev")).ShouldContain("Generating log file...");
        (await _stage.WaitForJobAsync("dev-")).JobDefinition.ShouldStartWith("iot-log-export:");
    }

    private async Task<LogExportProcess> StartAsync(string slack)
    {
        Dictionary<string, string> environment = _stage.Environment();
        await _stage.PutLogsAsync(environment);
        await _stage.PutLogsAsync(new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["LOGEXPORT_BUCKET"] = ProdBucket }, "iot-log-export-prod");

        // Neither a bucket nor a queue of this program's own: each environment has its own.
        environment.Remove("LOGEXPORT_BUCKET");
        return await LogExportProcess.StartAsync(environment, "--config", _stage.WriteConfig("environments.json5",
            $$"""
            environments: {
              dev: { bucket: '{{SlackStage.Bucket}}', jobQueue: 'slack', jobDefinition: 'iot-log-export' },
              prod: { bucket: '{{ProdBucket}}', roleArn: '{{RoleArn}}', externalId: 'the-word-of-both', jobQueue: 'slack', jobDefinition: 'iot-log-export-prod' },
            },
            """,
            slack,
            common: ""));
    }

    private Task<string> AskAsync(LogExportProcess serve, string text) => _stage.OutcomeAsync(serve, _stage.Form() with { Text = text });
}
