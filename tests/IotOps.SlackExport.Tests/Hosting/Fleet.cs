using System.Text;
using Amazon.Runtime;
using IotOps.Archive;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Slack;
using IotOps.SlackExport.Serving;

namespace IotOps.SlackExport.Tests.Hosting;

/// <summary>A fleet whose commands are logged in the emulator's S3, and the options of a team that exports them in the process.</summary>
internal static class Fleet
{
    public const string Bucket = "dev-iot-logs";

    public static LogLayout Layout { get; } = new(new LogCategory { Name = "command", Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" });

    /// <summary>Every member of the forms' workspace may export everything.</summary>
    public static SlackExportAuthorization Everybody { get; } = new()
    {
        AppId = "A0001",
        JobsPerUserAndHour = 100,
        Workspaces = [new SlackExportWorkspace { TeamId = "T0001", Grants = [new SlackExportGrant { Users = ["*"], Environments = ["*"], Categories = ["*"] }] }],
    };

    /// <summary>The lines of the day 2023/10/01, all hours.</summary>
    public static string Day { get; } = string.Concat(Enumerable.Range(0, 24).Select(Line));

    public static SlackExportEnvironment Environment(AwsEmulator aws, string? name = null) => new()
    {
        Name = name,
        Bucket = Bucket,
        Region = "us-east-1",
        Endpoint = aws.Endpoint,
        Credentials = new BasicAWSCredentials(aws.AccessKeyId, aws.SecretAccessKey),
    };

    public static SlackExportOptions Options(AwsEmulator aws) => new()
    {
        SigningSecrets = [SlackForm.Secret],
        Authorization = Everybody,
        Layout = Layout,
        Environments = [Environment(aws)],
        RunsInProcess = true,
        ResponseHosts = [aws.Endpoint.Authority],
        ApiUrl = aws.Slack.ApiUrl,
    };

    /// <summary>A command of a user, whose answers go to the emulator's Slack.</summary>
    public static SlackForm Form(AwsEmulator aws) => new() { Text = "THING00001 command 2023/10/01", ResponseUrl = aws.Slack.CreateResponseUrl().AbsoluteUri };

    public static async Task<AwsEmulator> StartAsync(CancellationToken cancellationToken)
    {
        AwsEmulator aws = await AwsEmulator.StartAsync();
        aws.S3.CreateBucket(Bucket);
        using var s3 = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.S3,
            Region = "us-east-1",
            Endpoint = aws.Endpoint,
            Credentials = new BasicAWSCredentials(aws.AccessKeyId, aws.SecretAccessKey),
        });
        for (int hour = 0; hour < 24; hour++)
        {
            await s3.SendAsync(
                new AwsRequest { Operation = "PutObject", Method = HttpMethod.Put, Path = $"/{Bucket}/commands/THING00001/2023/10/01/{hour:00}", Body = Encoding.UTF8.GetBytes(Line(hour)) },
                cancellationToken);
        }

        return aws;
    }

    /// <summary>Asks for the day in Slack, and returns the id of the request. The endpoint stores it; its job is the test's.</summary>
    public static async Task<string> AskAsync(AwsEmulator aws, CancellationToken cancellationToken)
    {
        aws.Batch.CreateJobQueue("slack");
        aws.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "export", Run = (_, _) => Task.FromResult(0) });
        await using var server = new SlackExportServer(Options(aws) with
        {
            RunsInProcess = false,
            Environments = [Environment(aws) with { JobQueue = "slack", JobDefinition = "export" }],
        });
        byte[] body = Form(aws).ToBytes();
        SlackRequestHeaders signed = SlackForm.Sign(body, TimeProvider.System.GetUtcNow());
        SlackReply reply = await server.Endpoint.HandleAsync(signed, body, TimeProvider.System.GetTimestamp());
        await server.InFlight.WhenLateWorkIsDoneAsync(cancellationToken);
        reply.Status.ShouldBe(200);
        return aws.Batch.Jobs.Single().JobName;
    }

    private static string Line(int hour) => $$"""{"hour":{{hour}},"command":"reboot"}""" + "\n";
}
