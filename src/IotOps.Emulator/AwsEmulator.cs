using IotOps.Emulator.Batch;
using IotOps.Emulator.CloudTrail;
using IotOps.Emulator.Concurrency;
using IotOps.Emulator.ControlPlane;
using IotOps.Emulator.DataPlane;
using IotOps.Emulator.Defender;
using IotOps.Emulator.Http;
using IotOps.Emulator.Iot;
using IotOps.Emulator.Logs;
using IotOps.Emulator.Mqtt;
using IotOps.Emulator.Mqtt.Sessions;
using IotOps.Emulator.Mqtt.Transports;
using IotOps.Emulator.S3;
using IotOps.Emulator.Shadow;
using IotOps.Emulator.Signing;
using IotOps.Emulator.Slack;
using IotOps.Emulator.Sqs;
using IotOps.Emulator.Sts;
using IotOps.Emulator.TopicRules;

namespace IotOps.Emulator;

/// <summary>
/// AWS endpoints in this process, on loopback. One HTTP port serves CloudWatch Logs, S3, SQS, Batch, STS, CloudTrail, AWS IoT and MQTT over
/// WebSocket, a second one with mutual TLS the IoT credentials provider, two more MQTT; every signature is checked.
/// Thread-safe. Disposing cuts open connections.
/// </summary>
public sealed class AwsEmulator : IAsyncDisposable
{
    // By these names requests are signed; iotdevicegateway is the WebSocket's, and an older name of the data plane.
    private static readonly string[] SigningNames = ["batch", "cloudtrail", "iot", "iotdata", "iotdevicegateway", "logs", "s3", "sqs", "sts"];

    private readonly Listener _listener;
    private readonly CertificateAuthority _authority;
    private readonly MqttEndpoint _mqtt;
    private readonly ShadowResponder _responder;
    private readonly DefenderResponder _defender;
    private readonly BatchRunner _batch;
    private int _isDisposed;

    private AwsEmulator(Listener listener, CertificateAuthority authority, MqttEndpoint mqtt, ShadowResponder responder, DefenderResponder defender, BatchRunner batch)
    {
        _listener = listener;
        _authority = authority;
        _mqtt = mqtt;
        _responder = responder;
        _defender = defender;
        _batch = batch;
        Endpoint = new Uri($"http://127.0.0.1:{listener.HttpPort}");
    }

    /// <summary>The endpoint of every service that is signed, for AWS_ENDPOINT_URL: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>Access key id that the emulator accepts (<see cref="EmulatorOptions.AccessKeyId"/>).</summary>
    public string AccessKeyId { get; private init; } = "";

    /// <summary>Secret of <see cref="AccessKeyId"/>.</summary>
    public string SecretAccessKey { get; private init; } = "";

    /// <summary>What CloudWatch Logs received.</summary>
    public EmulatedLogs Logs { get; private init; } = null!;

    /// <summary>What S3 holds.</summary>
    public EmulatedS3 S3 { get; private init; } = null!;

    /// <summary>Device certificates, role aliases and the credentials endpoint.</summary>
    public EmulatedIot Iot { get; private init; } = null!;

    /// <summary>The MQTT broker.</summary>
    public EmulatedMqtt Mqtt { get; private init; } = null!;

    /// <summary>The device shadow service.</summary>
    public EmulatedShadows Shadows { get; private init; } = null!;

    /// <summary>Device Defender's metrics topics.</summary>
    public EmulatedDefender Defender { get; private init; } = null!;

    /// <summary>Things, thing groups and findings of audits.</summary>
    public EmulatedFleet Fleet { get; private init; } = null!;

    /// <summary>CloudTrail's event history and public keys.</summary>
    public EmulatedCloudTrail CloudTrail { get; private init; } = null!;

    /// <summary>AWS Batch, which runs jobs here.</summary>
    public EmulatedBatch Batch { get; private init; } = null!;

    /// <summary>The security token service.</summary>
    public EmulatedSts Sts { get; private init; } = null!;

    /// <summary>Amazon SQS.</summary>
    public EmulatedSqs Sqs { get; private init; } = null!;

    /// <summary>No part of AWS: the Slack that a chat command of operators answers to.</summary>
    public EmulatedSlack Slack { get; private init; } = null!;

    /// <summary>What goes wrong on purpose.</summary>
    public FaultInjector Faults { get; private init; } = null!;

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">A port is taken, or the data directory cannot be used.</exception>
    public static async Task<AwsEmulator> StartAsync(EmulatorOptions? options = null)
    {
        options ??= new EmulatorOptions();
        ArgumentException.ThrowIfNullOrEmpty(options.AccessKeyId, nameof(options));
        ArgumentException.ThrowIfNullOrEmpty(options.SecretAccessKey, nameof(options));
        var keys = new KeyRing(new AccessKey(options.AccessKeyId, options.SecretAccessKey));
        if (options.AcceptsTestKeys)
        {
            keys.Add(new AccessKey("test", "test"));
        }

        var verifier = new SignatureVerifier(keys, options.TimeProvider);
        var faults = new FaultInjector();
        var logs = new LogStore(options);
        var calls = new RecentItems<PutLogEventsCall>(_ => 0);
        var buckets = new BucketStore(options);
        var registry = new IotRegistry(options.TimeProvider);
        var authority = new CertificateAuthority();
        var broker = new Broker(options.Mqtt, faults, options.TimeProvider);
        var mqtt = new MqttEndpoint(broker, new TlsHandshake(authority, registry, options.Mqtt.RequireServerName));
        var shadows = new ShadowStore(options.Shadows, options.TimeProvider);
        var shadowLog = new ShadowRequestLog(options.TimeProvider);
        var audience = new ShadowAudience();
        var responder = new ShadowResponder(shadows, shadowLog, faults, Publish);
        var defender = new DefenderResponder(options.Defender, faults, options.TimeProvider, Publish);
        audience.Add(responder);
        broker.Services = (topic, payload, clientId) =>
        {
            responder.Handle(topic, payload, clientId);
            defender.Handle(topic, payload, clientId);
        };
        var roles = new RoleRegistry();
        var jobs = new BatchStore(options.TimeProvider, new BatchRegistry(options.AccountId));
        var batch = new BatchRunner(jobs, options.MaxRunningBatchJobs);
        var queues = new QueueStore(options.AccountId, options.TimeProvider);
        logs.Targets.Add(arn => queues.FindByArn(arn) is not null, delivery => queues.FindByArn(delivery.DestinationArn)?.Send(Convert.ToBase64String(delivery.ToGzip())));
        var rules = new RuleStore(queues.SenderOf, options.TimeProvider);
        broker.Rules = rules.Handle;
        var slack = new SlackRecord(options.TimeProvider);
        var trail = new TrailStore();
        var fleet = new FleetStore(options.TimeProvider);
        var indexing = new IndexingStore();
        var index = new FleetIndex(fleet, broker, indexing, options.FleetQuery);
        registry.Deactivated = id => broker.After(options.Mqtt.DeactivationDelay, () =>
        {
            if (!registry.IsActive(id))
            {
                broker.EndAllOf(id);
            }
        });
        var router = new Router(
        [
            new AbsentServiceEndpoint(SigningNames),
            new HealthEndpoint(SigningNames),
            new CredentialsEndpoint(registry, keys, faults, options.TimeProvider),
            new LogsEndpoint(logs, calls, verifier, faults),
            new WebSocketEndpoint(mqtt, verifier),
            new DataPlaneEndpoint(
                new ShadowCalls(shadows, shadowLog, audience), new MessageCalls(broker), new ConnectionCalls(broker), verifier, faults, options.Mqtt.Limits.MaxPayloadBytes, options.TimeProvider),
            new ControlPlaneEndpoint(
                new ControlPlaneRoutes(fleet, index, indexing, registry, authority, rules, options.AccountId), verifier, faults, options.TimeProvider),
            new CloudTrailEndpoint(trail, verifier, faults, options.TimeProvider),
            new SqsEndpoint(queues, verifier, faults, options.TimeProvider),
            new BatchEndpoint(jobs, batch, keys, verifier, faults, options),
            new StsEndpoint(roles, keys, verifier, faults, options),
            new SlackEndpoint(slack, faults, options.TimeProvider),
            new StatisticsEndpoint(logs, calls),

            // Last, because any path may name a bucket.
            new S3Endpoint(buckets, verifier, faults, options.TimeProvider),
        ]);

        try
        {
            mqtt.Start();
            Listener listener = await Listener.StartAsync(options, () => authority.Server, router.HandleAsync).ConfigureAwait(false);
            return new AwsEmulator(listener, authority, mqtt, responder, defender, batch)
            {
                AccessKeyId = options.AccessKeyId,
                SecretAccessKey = options.SecretAccessKey,
                Logs = new EmulatedLogs(logs, calls),
                S3 = new EmulatedS3(buckets),
                Iot = new EmulatedIot(authority, registry, fleet, new Uri($"https://localhost:{listener.TlsPort}")),
                Mqtt = new EmulatedMqtt(broker, mqtt, new Uri($"ws://127.0.0.1:{listener.HttpPort}{WebSocketEndpoint.Path}")),
                Shadows = new EmulatedShadows(shadows, shadowLog, audience, faults),
                Defender = new EmulatedDefender(defender),
                Fleet = new EmulatedFleet(fleet),
                CloudTrail = new EmulatedCloudTrail(trail),
                Batch = new EmulatedBatch(jobs, batch),
                Sts = new EmulatedSts(roles),
                Sqs = new EmulatedSqs(queues, new Uri($"http://127.0.0.1:{listener.HttpPort}")),
                Slack = new EmulatedSlack(slack, new Uri($"http://127.0.0.1:{listener.HttpPort}{SlackEndpoint.Prefix}")),
                Faults = faults,
            };
        }
        catch
        {
            await batch.DisposeAsync().ConfigureAwait(false);
            await mqtt.DisposeAsync().ConfigureAwait(false);
            responder.Dispose();
            defender.Dispose();
            authority.Dispose();
            throw;
        }

        void Publish(string topic, byte[] payload) => broker.Publish(new BrokerMessage(topic, payload) { QoS = 1 });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        Logs.Stop();

        // Jobs may be using the endpoints while they end.
        await _batch.DisposeAsync().ConfigureAwait(false);

        // WebSockets first: the HTTP listener waits for them.
        await _mqtt.DisposeAsync().ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        _responder.Dispose();
        _defender.Dispose();
        _authority.Dispose();
    }
}
