using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Detect.Tests.Quarantine;

/// <summary>
/// An account in the emulator: the thing <c>pump-1</c> with two active certificates and one that is inactive, two policies, in a static group and a
/// dynamic one, and connected; <c>pump-2</c> beside it.
/// </summary>
internal sealed class QuarantineLab : IAsyncDisposable
{
    public const string Thing = "pump-1";
    public const string Violation = "v-1";
    private const string Account = "arn:aws:iot:us-east-1:123456789012:";

    private readonly KilledTransport _setUp = new();
    private readonly AwsClient _iot;
    private TcpClient? _device;

    private QuarantineLab(AwsEmulator emulator, ManualTimeProvider clock)
    {
        Emulator = emulator;
        Clock = clock;
        _iot = Client(AwsService.Iot, _setUp);
    }

    public AwsEmulator Emulator { get; }

    public ManualTimeProvider Clock { get; }

    public TempDirectory Directory { get; } = new();

    /// <summary>ARNs, sorted: two active ones, and an inactive one.</summary>
    public List<string> Certificates { get; } = [];

    public static async Task<QuarantineLab> StartAsync()
    {
        var clock = new ManualTimeProvider();
        AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = clock, FleetQuery = _ => thing => thing.GetProperty("thingName").GetString() == Thing });
        var lab = new QuarantineLab(emulator, clock);
        foreach (string policy in new[] { "deny", "device", "telemetry" })
        {
            await lab.CallAsync("POST", ["policies", policy], "policyDocument", """{"Statement":[]}""");
        }

        await lab.CallAsync("POST", ["thing-groups", "quarantine"]);
        await lab.CallAsync("POST", ["thing-groups", "north"]);
        await lab.CallAsync("POST", ["dynamic-thing-groups", "all"], "queryString", "x");
        await lab.CallAsync("POST", ["things", "pump-2"]);
        for (int i = 0; i < 3; i++)
        {
            lab.Certificates.Add(Account + "cert/" + emulator.Iot.IssueDeviceCertificate(Thing).CertificateId);
        }

        // In the order of the plan, so that what one lab does compares with what another does.
        lab.Certificates.Sort(StringComparer.Ordinal);
        foreach (string certificate in lab.Certificates)
        {
            await lab.CallAsync("PUT", ["target-policies", "device"], "target", certificate);
        }

        await lab.CallAsync("PUT", ["target-policies", "telemetry"], "target", lab.Certificates[0]);
        await lab.SetStatusAsync(2, "INACTIVE");
        await lab.AddToGroupAsync("north");
        return lab;
    }

    public AwsClient Client(AwsService service, HttpMessageHandler transport) => new(new AwsClientOptions
    {
        Service = service,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials(Emulator.AccessKeyId, Emulator.SecretAccessKey),
        Endpoint = Emulator.Endpoint,
        Transport = transport,
        TimeProvider = Clock,
        Retry = AwsRetryOptions.None,
    });

    /// <summary>Connects a client by the thing's name.</summary>
    public async Task ConnectAsync()
    {
        _device = new TcpClient();
        await _device.ConnectAsync("127.0.0.1", Emulator.Mqtt.Port);
        await _device.GetStream().WriteAsync((byte[])[0x10, (byte)(12 + Thing.Length), 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, (byte)Thing.Length, .. Encoding.UTF8.GetBytes(Thing)]);
        await _device.GetStream().ReadExactlyAsync(new byte[4]);
    }

    public Task CallAsync(string method, string[] segments, string? member = null, string? value = null, params KeyValuePair<string, string>[] query) =>
        CallAsync(method, segments, member is null ? "" : new JsonObject { [member] = value }.ToJsonString(), query, []);

    public Task SetStatusAsync(int certificate, string status) =>
        CallAsync("PUT", ["certificates", Id(certificate)], "", [new("newStatus", status)], []);

    public Task AttachAsync(int certificate, string thing) =>
        CallAsync("PUT", ["things", thing, "principals"], "", [], [new("x-amzn-principal", Certificates[certificate])]);

    public Task AddToGroupAsync(string group) =>
        CallAsync("PUT", ["thing-groups", "addThingToThingGroup"], $$"""{"thingGroupName":"{{group}}","thingName":"{{Thing}}"}""", [], []);

    public string Id(int certificate) => Certificates[certificate][(Certificates[certificate].LastIndexOf('/') + 1)..];

    public FileQuarantineJournal OpenJournal() => new(Directory["journal"]);

    public async Task<string> StateAsync()
    {
        var state = new StringBuilder();
        foreach (string arn in Certificates)
        {
            string id = arn[(arn.LastIndexOf('/') + 1)..];
            string status = (string)(await ReadAsync("GET", ["certificates", id]))["certificateDescription"]!["status"]!;
            string[] policies = [.. (await ReadAsync("POST", ["attached-policies", arn]))["policies"]!.AsArray().Select(policy => (string)policy!["policyName"]!)];
            state.Append($"{Certificates.IndexOf(arn)} {status} {string.Join(',', policies)}; ");
        }

        string[] groups = [.. (await ReadAsync("GET", ["things", Thing, "thing-groups"]))["thingGroups"]!.AsArray().Select(group => (string)group!["groupName"]!)];
        return state.Append($"groups {string.Join(',', groups)}; connected {string.Join(',', Emulator.Mqtt.Clients.Select(client => client.ClientId))}").ToString();
    }

    public async ValueTask DisposeAsync()
    {
        _device?.Dispose();
        _iot.Dispose();
        _setUp.Dispose();
        await Emulator.DisposeAsync();
        Directory.Dispose();
    }

    private async Task<JsonNode> ReadAsync(string method, string[] segments) =>
        JsonNode.Parse((await _iot.SendAsync(new AwsRequest { Operation = "Read", Method = new HttpMethod(method), Segments = segments })).Body.Span)!;

    private Task<AwsResponse> CallAsync(string method, string[] segments, string body, KeyValuePair<string, string>[] query, KeyValuePair<string, string>[] headers) =>
        _iot.SendAsync(new AwsRequest { Operation = "SetUp", Method = new HttpMethod(method), Segments = segments, Query = query, Headers = headers, Body = Encoding.UTF8.GetBytes(body) });
}
