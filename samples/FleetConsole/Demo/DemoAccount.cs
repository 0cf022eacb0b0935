using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Detect;
using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Acts;

namespace IotOps.Samples.FleetConsole.Demo;

/// <summary>An account in the emulator in which a quarantine works: things with certificates, a policy, a group to hold and a policy that denies.</summary>
internal sealed class DemoAccount : IAsyncDisposable
{
    public const string QuarantineGroup = "quarantine";
    private const string DenyPolicy = "deny-all";
    private const string FleetPolicy = "fleet-telemetry";

    private readonly List<AwsClient> _clients = [];
    private readonly AwsClient _iot;

    private DemoAccount(AwsEmulator emulator)
    {
        Emulator = emulator;
        _iot = Client(AwsService.Iot);
    }

    public AwsEmulator Emulator { get; }

    /// <summary>
    /// Starts it, with the things of a simulation. The suspect has a certificate of its own, so that it can be quarantined; two others share one,
    /// which a plan for one of them refuses.
    /// </summary>
    public static async Task<DemoAccount> StartAsync(IReadOnlyList<string> things, string suspect, CancellationToken cancellationToken)
    {
        AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions
        {
            FleetQuery = text =>
            {
                FleetQuery query = FleetQuery.Parse(text);
                return thing => query.Matches(FleetThing.Read(thing));
            },
        });
        var account = new DemoAccount(emulator);
        try
        {
            await account.SetUpAsync(things, suspect, cancellationToken);
            return account;
        }
        catch
        {
            await account.DisposeAsync();
            throw;
        }
    }

    /// <summary>The two things that share a certificate.</summary>
    public static string[] Sharing(IReadOnlyList<string> things, string suspect) => [.. things.Where(thing => thing != suspect).Take(2)];

    public AwsClient Client(AwsService service)
    {
        var client = new AwsClient(new AwsClientOptions
        {
            Service = service,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(Emulator.AccessKeyId, Emulator.SecretAccessKey),
            Endpoint = Emulator.Endpoint,
        });
        _clients.Add(client);
        return client;
    }

    /// <summary>What the console quarantines with.</summary>
    public QuarantineTools Quarantine(string journal) => new(new QuarantineRunbookOptions
    {
        Iot = _iot,
        IotData = Client(AwsService.IotData),
        Journal = new FileQuarantineJournal(journal),
        QuarantineGroup = QuarantineGroup,
        DenyPolicy = DenyPolicy,
    });

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Emulator.DisposeAsync();
    }

    private async Task SetUpAsync(IReadOnlyList<string> things, string suspect, CancellationToken cancellationToken)
    {
        await CallAsync("POST", ["policies", DenyPolicy], "policyDocument", """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}""");
        await CallAsync("POST", ["policies", FleetPolicy], "policyDocument", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:*:*:topic/telemetry/*"}]}""");
        await CallAsync("POST", ["thing-groups", QuarantineGroup]);
        foreach (string group in new[] { "north", "south", "west", "canary" })
        {
            await CallAsync("POST", ["thing-groups", group]);
        }

        string[] sharing = Sharing(things, suspect);
        foreach (string thing in things.Where(thing => thing != suspect && thing != sharing[0]))
        {
            await CallAsync("POST", ["things", thing]);
        }

        await CallAsync("PUT", ["target-policies", FleetPolicy], "target", Certificate(suspect));
        string shared = Certificate(sharing[0]);
        await CallAsync("PUT", ["target-policies", FleetPolicy], "target", shared);
        await SendAsync("PUT", ["things", sharing[1], "principals"], "", [new("x-amzn-principal", shared)]);

        await SendAsync("PUT", ["thing-groups", "addThingToThingGroup"], $$"""{"thingGroupName":"canary","thingName":"{{suspect}}"}""");
        Emulator.Logs.CreateGroup("AWSIotLogsV2");

        string Certificate(string thing) => $"arn:aws:iot:us-east-1:123456789012:cert/{Emulator.Iot.IssueDeviceCertificate(thing).CertificateId}";

        async Task CallAsync(string method, string[] segments, string? member = null, string? value = null) =>
            await SendAsync(method, segments, member is null ? "" : new JsonObject { [member] = value }.ToJsonString());

        async Task SendAsync(string method, string[] segments, string body, KeyValuePair<string, string>[]? headers = null) => await _iot.SendAsync(
            new AwsRequest { Operation = "SetUp", Method = new HttpMethod(method), Segments = segments, Headers = headers ?? [], Body = Encoding.UTF8.GetBytes(body) }, cancellationToken);
    }
}
