using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using IotOps.Aws.Calls;
using IotOps.Aws.Credentials;
using Microsoft.Extensions.Logging;

namespace IotOps.Aws;

/// <summary>Signed calls to one AWS service: JSON 1.1 and REST-JSON. Safe for concurrent use.</summary>
public sealed class AwsClient : IDisposable
{
    private readonly string _service;
    private readonly TimeProvider _time;
    private readonly SigV4Handler _signing;
    private readonly HttpMessageInvoker _http;
    private readonly AttemptSender _attempts;
    private readonly RetryPlan? _retries;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="options">Which service, as whom.</param>
    /// <exception cref="ArgumentException">The region, the endpoint, the file of roots, or a retry setting cannot be.</exception>
    public AwsClient(AwsClientOptions options)
        : this(options, Random.Shared.NextDouble)
    {
    }

    internal AwsClient(AwsClientOptions options, Func<double> random)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        _service = options.Service.SigningName;
        _time = options.TimeProvider;
        Endpoint = options.Endpoint ?? AwsEndpoint.Resolve(options.Service, options.Region);
        AwsEndpoint.RequireFips(Endpoint);

        ILogger logger = options.LoggerFactory.CreateLogger<AwsClient>();
        AWSCredentials credentials = options.Credentials ?? AwsCredentialChain.Default();
        _signing = new SigV4Handler(credentials, options.Region, options.Service.SigningName, options.TimeProvider, logger)
        {
            InnerHandler = options.Transport is null ? AwsHttpHandler.Create(options.CaFile) : new AwsTransport.Borrowed(options.Transport),
        };
        _http = new HttpMessageInvoker(_signing);
        _attempts = new AttemptSender(
            options, Endpoint, _http, _signing, new CredentialsRefresh(() => ChainCredentials.Refreshable(credentials), options.TimeProvider), logger);
        _retries = options.Retry.MaxAttempts == 1 ? null : new RetryPlan(options, logger, random);
    }

    /// <summary>Where the calls go.</summary>
    public Uri Endpoint { get; }

    /// <summary>What to add to the local clock to get the service's time, learnt from its <c>Date</c> headers; zero until learnt.</summary>
    public TimeSpan ClockSkew => _signing.ClockSkew;

    /// <summary>Sends one call, signed, with retries.</summary>
    /// <exception cref="AwsException">The service refused, or stayed out of reach for every attempt.</exception>
    public Task<AwsResponse> SendAsync(AwsRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new CallState(request);
        return AwsTelemetry.CallAsync(_service, request.Operation, _time, () => _retries is null
            ? AttemptAsync(call, cancellationToken).AsTask()
            : _retries.ExecuteAsync(call, AttemptAsync, cancellationToken));
    }

    /// <summary>Sends one JSON 1.1 call and reads its JSON answer. An answer that cannot be read counts as a transient failure.</summary>
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
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requestType);
        ArgumentNullException.ThrowIfNull(responseType);
        return CallAsync(AwsRequest.Json11(target, JsonSerializer.SerializeToUtf8Bytes(body, requestType)), responseType, cancellationToken);
    }

    /// <summary>Sends one call of any form, REST-JSON for instance, and reads its JSON answer. An answer that cannot be read counts as a transient failure.</summary>
    /// <param name="request">The request.</param>
    /// <param name="responseType">Source-generated metadata of the answer.</param>
    /// <param name="cancellationToken">Ends the wait; the service may still have acted.</param>
    /// <exception cref="AwsException">The service refused, or stayed out of reach for every attempt.</exception>
    public Task<TResponse> CallAsync<TResponse>(
        AwsRequest request, JsonTypeInfo<TResponse> responseType, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(responseType);
        var call = new CallState(request);
        return AwsTelemetry.CallAsync(_service, request.Operation, _time, () => _retries is null
            ? Attempt(call, cancellationToken).AsTask()
            : _retries.ExecuteAsync(call, Attempt, cancellationToken));

        async ValueTask<TResponse> Attempt(CallState state, CancellationToken token)
        {
            AwsResponse response = await AttemptAsync(state, token).ConfigureAwait(false);
            return _attempts.Read(request, response, responseType);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private ValueTask<AwsResponse> AttemptAsync(CallState call, CancellationToken cancellationToken)
    {
        AwsTelemetry.Attempt(_service);
        return _attempts.SendAsync(call, cancellationToken);
    }

    private static void Validate(AwsClientOptions options)
    {
        string? wrong = options switch
        {
            { Region: null or "" } => "Region is empty; give one, such as eu-west-1.",
            _ when !AwsRegion.IsName(options.Region) => AwsRegion.Wrong(options.Region),
            { Endpoint: { } endpoint } when !endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp) =>
                $"Endpoint is '{endpoint}'; it begins with https://, or with http:// for an emulator.",
            { Retry.MaxAttempts: < 1 } => "Retry.MaxAttempts counts the first attempt and is at least 1.",
            _ when options.Retry.BaseDelay < TimeSpan.Zero || options.Retry.MaxDelay < options.Retry.BaseDelay =>
                "Retry.BaseDelay is at least zero and at most Retry.MaxDelay.",
            { MaxResponseBytes: < 1 } => "MaxResponseBytes is at least 1.",
            _ when options.Timeout <= TimeSpan.Zero => "Timeout is longer than zero.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(options));
        }
    }
}
