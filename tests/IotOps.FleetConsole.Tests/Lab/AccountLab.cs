using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Detect;
using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Acts;
using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.FleetConsole.Tests.Lab;

/// <summary>An account in the emulator with the story's suspect in it, its certificate, a group for quarantined things, and a journal.</summary>
internal sealed class AccountLab : IAsyncDisposable
{
    private readonly AwsClient _iot;
    private readonly AwsClient _data;
    private readonly FileQuarantineJournal _journal;
    private readonly TempDirectory _directory = new();

    private AccountLab(AwsEmulator emulator, TimeProvider clock, DelegatingHandler transport)
    {
        Emulator = emulator;
        _iot = Client(AwsService.Iot, clock, transport);
        _data = Client(AwsService.IotData, clock, transport);
        _journal = new FileQuarantineJournal(_directory["journal"]);
        Tools = new QuarantineTools(new QuarantineRunbookOptions
        {
            Iot = _iot,
            IotData = _data,
            Journal = _journal,
            QuarantineGroup = "quarantine",
            DenyPolicy = "quarantine-deny",
            FleetSize = 1_000,
            TimeProvider = clock,
        });
    }

    public AwsEmulator Emulator { get; }

    public QuarantineTools Tools { get; }

    public string CertificateId { get; private set; } = "";

    public static async Task<AccountLab> StartAsync(TimeProvider clock, DelegatingHandler? transport = null)
    {
        AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions
        {
            TimeProvider = clock,
            FleetQuery = static text =>
            {
                FleetQuery query = FleetQuery.Parse(text);
                return thing => query.Matches(FleetThing.Read(thing));
            },
        });
        var lab = new AccountLab(emulator, clock, transport ?? new GatedTransport());
        foreach (string policy in new[] { "quarantine-deny", "fleet-telemetry" })
        {
            await lab.CallAsync("POST", ["policies", policy], """{"policyDocument":"{\"Statement\":[]}"}""");
        }

        await lab.CallAsync("POST", ["thing-groups", "quarantine"]);
        await lab.CallAsync("POST", ["thing-groups", "eu-plant-2"]);
        lab.CertificateId = emulator.Iot.IssueDeviceCertificate(FleetStory.Suspect).CertificateId;
        await lab.CallAsync("PUT", ["target-policies", "fleet-telemetry"], $$"""{"target":"arn:aws:iot:us-east-1:123456789012:cert/{{lab.CertificateId}}"}""");
        await lab.CallAsync("PUT", ["thing-groups", "addThingToThingGroup"], $$"""{"thingGroupName":"eu-plant-2","thingName":"{{FleetStory.Suspect}}"}""");
        return lab;
    }

    public void Add(IServiceCollection services) => services.AddSingleton(Tools);

    public Task SwitchIndexingOffAsync() => CallAsync("POST", ["indexing", "config"], """{"thingIndexingConfiguration":{"thingIndexingMode":"OFF"}}""");

    public async Task<string> StatusAsync()
    {
        AwsResponse answer = await _iot.SendAsync(new AwsRequest { Operation = "DescribeCertificate", Method = HttpMethod.Get, Segments = ["certificates", CertificateId] });
        using var json = System.Text.Json.JsonDocument.Parse(answer.Body);
        return json.RootElement.GetProperty("certificateDescription").GetProperty("status").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _iot.Dispose();
        _data.Dispose();
        await Emulator.DisposeAsync();
        _directory.Dispose();
    }

    private AwsClient Client(AwsService service, TimeProvider clock, DelegatingHandler transport) => new(new AwsClientOptions
    {
        Service = service,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials(Emulator.AccessKeyId, Emulator.SecretAccessKey),
        Endpoint = Emulator.Endpoint,
        Transport = transport,
        TimeProvider = clock,
        Retry = AwsRetryOptions.None,
    });

    private Task<AwsResponse> CallAsync(string method, string[] segments, string body = "") =>
        _iot.SendAsync(new AwsRequest { Operation = "SetUp", Method = new HttpMethod(method), Segments = segments, Body = Encoding.UTF8.GetBytes(body) });
}
