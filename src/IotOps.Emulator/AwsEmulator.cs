namespace IotOps.Emulator;

/// <summary>AWS endpoints in this process, on loopback.</summary>
public sealed class AwsEmulator : IAsyncDisposable
{
    private AwsEmulator(Uri endpoint) => Endpoint = endpoint;

    /// <summary>The endpoint of every service, for AWS_ENDPOINT_URL: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>Access key id that the emulator accepts.</summary>
    public string AccessKeyId { get; } = "AKIAIOSFODNN7EXAMPLE";

    /// <summary>Secret of <see cref="AccessKeyId"/>.</summary>
    public string SecretAccessKey { get; } = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    /// <summary>Starts listening.</summary>
    public static Task<AwsEmulator> StartAsync(EmulatorOptions? options = null) =>
        throw new NotSupportedException(options?.ToString());

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
