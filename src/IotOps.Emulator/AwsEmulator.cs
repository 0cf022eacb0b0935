using IotOps.Emulator.Http;
using IotOps.Emulator.Iot;
using IotOps.Emulator.Logs;
using IotOps.Emulator.Mqtt;
using IotOps.Emulator.Mqtt.Transports;
using IotOps.Emulator.S3;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator;

/// <summary>
/// AWS endpoints in this process, on loopback. One HTTP port serves CloudWatch Logs, S3 and MQTT over WebSocket, a second one
/// with mutual TLS the IoT credentials provider, two more MQTT; every signature is checked. Thread-safe. Disposing cuts open connections.
/// </summary>
public sealed class AwsEmulator : IAsyncDisposable
{
    private readonly Listener _listener;
    private readonly CertificateAuthority _authority;
    private readonly MqttEndpoint _mqtt;
    private int _isDisposed;

    private AwsEmulator(
        Listener listener, CertificateAuthority authority, LogStore logs, CallLog calls, BucketStore buckets, IotRegistry registry, FaultInjector faults,
        Broker broker, MqttEndpoint mqtt)
    {
        _listener = listener;
        _authority = authority;
        _mqtt = mqtt;
        Endpoint = new Uri($"http://127.0.0.1:{listener.HttpPort}");
        Logs = new EmulatedLogs(logs, calls);
        S3 = new EmulatedS3(buckets);
        Iot = new EmulatedIot(authority, registry, new Uri($"https://localhost:{listener.TlsPort}"));
        Mqtt = new EmulatedMqtt(broker, mqtt, new Uri($"ws://127.0.0.1:{listener.HttpPort}{WebSocketEndpoint.Path}"));
        Faults = faults;
    }

    /// <summary>The endpoint of every service that is signed, for AWS_ENDPOINT_URL: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>Access key id that the emulator accepts: the public one of AWS's examples.</summary>
    public string AccessKeyId { get; } = ExampleKey.Id;

    /// <summary>Secret of <see cref="AccessKeyId"/>: the public one of AWS's examples.</summary>
    public string SecretAccessKey { get; } = ExampleKey.Secret;

    /// <summary>What CloudWatch Logs received.</summary>
    public EmulatedLogs Logs { get; }

    /// <summary>What S3 holds.</summary>
    public EmulatedS3 S3 { get; }

    /// <summary>Device certificates, role aliases and the credentials endpoint.</summary>
    public EmulatedIot Iot { get; }

    /// <summary>The MQTT broker.</summary>
    public EmulatedMqtt Mqtt { get; }

    /// <summary>What goes wrong on purpose.</summary>
    public FaultInjector Faults { get; }

    private static AccessKey ExampleKey { get; } = new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">A port is taken, or the data directory cannot be used.</exception>
    public static async Task<AwsEmulator> StartAsync(EmulatorOptions? options = null)
    {
        options ??= new EmulatorOptions();
        var keys = new KeyRing();
        keys.Add(ExampleKey);
        var verifier = new SignatureVerifier(keys, options.TimeProvider);
        var faults = new FaultInjector();
        var logs = new LogStore(options);
        var calls = new CallLog();
        var buckets = new BucketStore(options);
        var registry = new IotRegistry();
        var authority = new CertificateAuthority();
        var broker = new Broker(options.Mqtt, faults, options.TimeProvider);
        var mqtt = new MqttEndpoint(broker, new TlsHandshake(authority, registry, options.Mqtt.RequireServerName));
        var router = new Router(
            new LogsEndpoint(logs, calls, verifier, faults),
            new S3Endpoint(buckets, verifier, faults, options.TimeProvider),
            new CredentialsEndpoint(registry, keys, faults, options.TimeProvider),
            new WebSocketEndpoint(mqtt, verifier),
            logs,
            calls);

        try
        {
            mqtt.Start();
            Listener listener = await Listener.StartAsync(options, () => authority.Server, router.HandleAsync).ConfigureAwait(false);
            return new AwsEmulator(listener, authority, logs, calls, buckets, registry, faults, broker, mqtt);
        }
        catch
        {
            await mqtt.DisposeAsync().ConfigureAwait(false);
            authority.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        // WebSockets first: the HTTP listener waits for them.
        await _mqtt.DisposeAsync().ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        _authority.Dispose();
    }
}
