using System.Diagnostics;
using IotOps.Emulator;
using IotOps.InteropTests.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.Samples.Tests.LogExport;
using IotOps.Slack;
using IotOps.TestKit;

namespace IotOps.InteropTests.Slack;

/// <summary>What the Dockerfile publishes starts where no .NET is, as the image's program and as a Lambda function.</summary>
public sealed class PublishedHostTests : IDisposable
{
    private const string Run = "RUN dotnet publish ";

    private static readonly TimeSpan SlackWaits = TimeSpan.FromSeconds(3);

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_Dockerfiles_publish_line_makes_a_program_that_answers_as_image_and_as_function()
    {
        string app = _directory["app"];
        string[] dockerfile = await File.ReadAllLinesAsync(Path.Combine(SourceTree.Root, "deploy", "slack-export", "Dockerfile"), TestContext.Current.CancellationToken);
        string line = dockerfile.Single(l => l.StartsWith(Run, StringComparison.Ordinal))[Run.Length..];
        line.ShouldEndWith(" -o /app");
        await PeerCommand.RunAsync("/bin/sh", ["-c", $"cd '{SourceTree.Root}' && dotnet publish {line.Replace("-o /app", $"-o '{app}'", StringComparison.Ordinal)} -v q"]);
        File.Copy(Path.Combine(SourceTree.Root, "deploy", "slack-export", "export.json5"), Path.Combine(app, "export.json5"), overwrite: true);

        // The entry point of the image, with a runtime of its own.
        string help = await PeerCommand.RunAsync(Path.Combine(app, "LogExport"), ["--help"], new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_ROOT"] = "/nonexistent" });
        help.ShouldContain("generate-ziplog");

        File.Copy(Path.Combine(app, "LogExport"), Path.Combine(app, "bootstrap"));
        TimeSpan first = await FirstAnswerAsync(Path.Combine(app, "bootstrap"));
        TestContext.Current.TestOutputHelper?.WriteLine($"start to first answer: {first.TotalMilliseconds:N0} ms");
        Console.WriteLine($"LogExport as a Lambda function: {first.TotalMilliseconds:N0} ms from start to first answer");
        first.ShouldBeLessThan(SlackWaits);
    }

    // A command that asks S3 and Batch, so that the time is that of an answer which users wait for.
    private static async Task<TimeSpan> FirstAnswerAsync(string bootstrap)
    {
        await using AwsEmulator aws = await AwsEmulator.StartAsync();
        await using var api = new FakeRuntimeApi();
        aws.S3.CreateBucket("dev-iot-logs");
        aws.Batch.CreateJobQueue("slack");
        aws.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "iot-log-export", Run = (_, _) => Task.FromResult(0) });
        api.Queue(Event(new SlackForm { Text = "THING00001 command 2023/10/01" }));
        var start = new ProcessStartInfo(bootstrap) { RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        foreach ((string name, string value) in EmulatorPeer.Environment(aws))
        {
            start.Environment[name] = value;
        }

        start.Environment["AWS_LAMBDA_RUNTIME_API"] = api.Address;
        start.Environment["SLACK_SIGNING_SECRET"] = SlackForm.Secret;
        start.Environment["LOGEXPORT_JOB_QUEUE"] = "slack";
        start.Environment["LOGEXPORT_JOB_DEFINITION"] = "iot-log-export";
        long begun = TimeProvider.System.GetTimestamp();
        using Process function = Process.Start(start)!;
        Task<string> written = function.StandardError.ReadToEndAsync();
        try
        {
            await api.WaitForCallsAsync(2, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(begun);
            api.Calls[1].ShouldContain("Generating log file...");
            return elapsed;
        }
        catch (TimeoutException e)
        {
            function.Kill();
            throw new InvalidOperationException($"The function did not answer:\n{await written}", e);
        }
        finally
        {
            function.Kill();
            await function.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string Event(SlackForm form)
    {
        byte[] body = form.ToBytes();
        SlackRequestHeaders signed = SlackForm.Sign(body, TimeProvider.System.GetUtcNow());
        return $$$"""
            {"version":"2.0","rawPath":"/slack/iot-log","headers":{"x-slack-request-timestamp":"{{{signed.Timestamp}}}","x-slack-signature":"{{{signed.Signature}}}"},
             "requestContext":{"http":{"method":"POST"}},"body":"{{{Convert.ToBase64String(body)}}}","isBase64Encoded":true}
            """;
    }
}
