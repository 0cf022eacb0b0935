using IotOps.Emulator.Http;
using IotOps.Emulator.Logs;
using IotOps.Emulator.S3;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator;

/// <summary>
/// AWS endpoints in this process, on loopback. One HTTP port serves CloudWatch Logs and S3; every signature is checked.
/// Thread-safe. Disposing cuts open connections.
/// </summary>
public sealed class AwsEmulator : IAsyncDisposable
{
    private readonly Listener _listener;

    private AwsEmulator(Listener listener, EmulatedLogs logs, EmulatedS3 s3, FaultInjector faults)
    {
        _listener = listener;
        Logs = logs;
        S3 = s3;
        Faults = faults;
        Endpoint = new Uri($"http://127.0.0.1:{listener.Port}");
    }

    /// <summary>The endpoint of every service, for AWS_ENDPOINT_URL: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>Access key id that the emulator accepts: the public one of AWS's examples.</summary>
    public string AccessKeyId { get; } = "AKIAIOSFODNN7EXAMPLE";

    /// <summary>Secret of <see cref="AccessKeyId"/>: the public one of AWS's examples.</summary>
    public string SecretAccessKey { get; } = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    /// <summary>What CloudWatch Logs received.</summary>
    public EmulatedLogs Logs { get; }

    /// <summary>What S3 holds.</summary>
    public EmulatedS3 S3 { get; }

    /// <summary>What goes wrong on purpose.</summary>
    public FaultInjector Faults { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<AwsEmulator> StartAsync(EmulatorOptions? options = null)
    {
        options ??= new EmulatorOptions();
        var keys = new KeyRing();
        var verifier = new SignatureVerifier(keys, options.TimeProvider);
        var faults = new FaultInjector();
        var logStore = new LogStore(options);
        var calls = new CallLog();
        var buckets = new BucketStore(options);
        var router = new Router(
            new LogsEndpoint(logStore, calls, verifier, faults),
            new S3Endpoint(buckets, verifier, faults, options.TimeProvider),
            logStore,
            calls);

        Listener listener = await Listener.StartAsync(options.Port, router.HandleAsync, options.TimeProvider).ConfigureAwait(false);
        var emulator = new AwsEmulator(listener, new EmulatedLogs(logStore, calls), new EmulatedS3(buckets), faults);
        keys.Add(new AccessKey(emulator.AccessKeyId, emulator.SecretAccessKey));
        return emulator;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
