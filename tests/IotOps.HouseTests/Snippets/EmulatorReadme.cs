using System.Collections.Concurrent;
using System.Security.Cryptography;
using IotOps.Emulator;
using IotOps.Fleet;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Emulator/README.md, beside the test in ReportUploadTests.cs.</summary>
internal static class EmulatorReadme
{
    public static DeviceCertificate Device(AwsEmulator aws)
    {
        aws.Iot.SetRoleAlias(new RoleAlias { Name = "agent", CredentialDuration = TimeSpan.FromMinutes(15) });
        DeviceCertificate device = aws.Iot.IssueDeviceCertificate("THING00001");
        // aws.Iot.CredentialsEndpoint, aws.Iot.CertificateAuthorityPem, device.CertificatePem, device.PrivateKeyPem
        return device;
    }

    public static void Filters(AwsEmulator aws)
    {
        // After a PutMetricFilter of your code.
        double[] latencies = [.. aws.Logs.MetricValues.Where(v => v.Name == "latency").Select(v => v.Value)];

        var deliveries = new ConcurrentQueue<LogSubscriptionDelivery>();
        using IDisposable subscription = aws.Logs.Subscribe("arn:aws:lambda:us-east-1:123456789012:function:alarms", deliveries.Enqueue);
    }

    public static async Task ShadowAsync(AwsEmulator aws)
    {
        // Your client connects to localhost:aws.Mqtt.TlsPort with the certificate above, or to 127.0.0.1:aws.Mqtt.Port without.
        await aws.Mqtt.WaitForSubscriptionAsync("THING00001", "$aws/things/THING00001/shadow/update/delta");
        aws.Shadows.Update("THING00001", """{"state":{"desired":{"led":true}}}""");
        IReadOnlyList<ReceivedMessage> reports = await aws.Mqtt.Received.WaitForAsync("$aws/things/THING00001/shadow/update");

        using FaultHandle lost = aws.Faults.Add(new Fault { Operation = "UpdateThingShadow", Times = 1, NoAnswer = true });
        using FaultHandle silent = aws.Faults.Add(new Fault { Operation = "MqttPublish", When = p => p.Topic == "telemetry", NoAnswer = true });
        aws.Mqtt.Disconnect("THING00001");
        aws.Mqtt.StopListening(keepSessions: false);
        aws.Mqtt.StartListening();
    }

    public static async Task FleetAsync(string recordJson, RSA rsa, DateTimeOffset since, DateTimeOffset until)
    {
        await using AwsEmulator aws = await AwsEmulator.StartAsync(new EmulatorOptions
        {
            FleetQuery = text => { FleetQuery query = FleetQuery.Parse(text); return thing => query.Matches(FleetThing.Read(thing)); }, // of IotOps.Fleet
        });
        aws.Fleet.SetThing("""{"thingName":"THING00001","attributes":{"site":"north"},"shadow":{"reported":{"battery":12}}}""");
        aws.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "low", Query = "shadow.reported.battery<20" });
        aws.Fleet.AddAuditFinding("""{"findingId":"1","taskId":"t","checkName":"LOGGING_DISABLED_CHECK","severity":"LOW","findingTime":1767225600}""");
        aws.CloudTrail.AddEvent(recordJson);
        string fingerprint = aws.CloudTrail.AddPublicKey(rsa, since, until);
    }

    public static async Task JobAsync(AwsEmulator aws, string jobId)
    {
        aws.Batch.CreateJobQueue("slack");
        aws.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = "generate-ziplog",
            Command = ["generate-ziplog", "--identifier", "Ref::Identifier"],
            EntryPoint = ["dotnet", "LogExport.dll"], // or Run = (job, stop) => ..., in this process
        });
        aws.Sts.SetRole(new EmulatedRole { Arn = "arn:aws:iam::210987654321:role/Prod", CanBeAssumed = false });
        Uri responseUrl = aws.Slack.CreateResponseUrl();

        // Your command submits the job, and the job posts to responseUrl.
        EmulatedBatchJob job = await aws.Batch.WaitAsync(jobId);
        IReadOnlyList<ReceivedSlackPost> posts = await aws.Slack.WaitForPostsAsync(4);
    }

    public static async Task AttachAsync(AwsEmulator aws, int mosquittoPort)
    {
        await using AttachedShadows shadows = await aws.Shadows.AttachAsync("127.0.0.1", mosquittoPort);
    }
}
