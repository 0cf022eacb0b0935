using System.Text.Json.Serialization.Metadata;

namespace IotOps.Aws;

/// <summary>Signed calls to one AWS service: JSON 1.1 and REST-JSON. Safe for concurrent use.</summary>
public sealed class AwsClient : IDisposable
{
    private readonly AwsClientOptions _options;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="options">Which service, as whom.</param>
    public AwsClient(AwsClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>What to add to the local clock to get the service's time, learnt from its <c>Date</c> headers; zero until learnt.</summary>
    public TimeSpan ClockSkew { get; private set; }

    /// <summary>Sends one call, signed, with retries.</summary>
    /// <exception cref="AwsException">The service refused, or stayed out of reach for every attempt.</exception>
    public Task<AwsResponse> SendAsync(AwsRequest request, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(_options.Region);

    /// <summary>Sends one JSON 1.1 call and reads its JSON answer.</summary>
    /// <param name="target">Service version and operation, such as <c>Logs_20140328.CreateLogStream</c>.</param>
    /// <param name="body">The request.</param>
    /// <param name="requestType">Source-generated metadata of the request.</param>
    /// <param name="responseType">Source-generated metadata of the answer.</param>
    /// <param name="cancellationToken">Ends the wait; the service may still have acted.</param>
    /// <exception cref="AwsException">The service refused, or stayed out of reach for every attempt.</exception>
    public Task<TResponse> CallAsync<TRequest, TResponse>(
        string target,
        TRequest body,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(_options.Region);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
