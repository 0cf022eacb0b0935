using Amazon.Runtime;
using Amazon.Util.Internal;
using IotOps.Aws.Credentials;
using Microsoft.Extensions.Logging;

namespace IotOps.Aws;

/// <summary>
/// Temporary AWS credentials for a device certificate, from the AWS IoT credentials provider. Plugs into
/// <see cref="AwsClient"/> and into any AWSSDK client. Safe for concurrent use; many callers share one request. See
/// <see href="https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html"/>.
/// </summary>
/// <remarks>
/// Credentials are replaced in the background before they expire; while that fails, the old ones are given out until they
/// truly expire. A refusal (4xx) is remembered for 2 minutes, a fault of the service (5xx) for 1 minute, an unreachable
/// endpoint for 10 seconds: meanwhile nothing is sent and callers get the same error. Lifetimes are counted from the
/// service's <c>Date</c>; a wrong local clock does harm only where it is out of the dates of the endpoint's certificate.
/// </remarks>
public sealed class IotCredentialsProvider : RefreshingAWSCredentials
{
    private readonly IotCredentialsProviderOptions _options;
    private readonly IotCredentialsEndpoint _endpoint;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private Task<CredentialsRefreshState>? _inFlight;
    private Failure? _failure;

    /// <summary>Makes a provider; nothing is read or sent yet.</summary>
    /// <param name="options">Which role alias, with which certificate.</param>
    /// <exception cref="ArgumentException">The endpoint is not https, or is one without FIPS where that is asked for; the role alias is not one, or the certificate is given twice or not at all.</exception>
    public IotCredentialsProvider(IotCredentialsProviderOptions options)
        : this(options, environment: null)
    {
    }

    internal IotCredentialsProvider(IotCredentialsProviderOptions options, Func<string, string?>? environment)
        : this(options, new DeviceTls(options, AwsHttpHandler.CaBundle(environment), AwsProxy.FromEnvironment()).Connect) =>
        AwsEndpoint.RequireFips(options.Endpoint, environment);

    internal IotCredentialsProvider(IotCredentialsProviderOptions options, Func<HttpMessageHandler> connect)
        : base(new Clock(options.TimeProvider))
    {
        _options = options;
        _endpoint = new IotCredentialsEndpoint(options, connect);
        _logger = options.LoggerFactory.CreateLogger<IotCredentialsProvider>();

        // The base class would throw a minute before the keys expire, refresh or not.
        ExpirationBuffer = TimeSpan.Zero;
    }

    /// <inheritdoc/>
    protected override CredentialsRefreshState GenerateNewCredentials() =>
        GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        // A background refresh does not hold the base class's lock: a caller whose keys expire meanwhile joins it here.
        lock (_lock)
        {
            return _inFlight is { IsCompleted: false } running ? running : _inFlight = RefreshAsync();
        }
    }

    private async Task<CredentialsRefreshState> RefreshAsync()
    {
        TimeProvider time = _options.TimeProvider;
        if (_failure is { } known && time.GetElapsedTime(known.At) < known.RememberFor)
        {
            return StillValid(known.RememberFor - time.GetElapsedTime(known.At)) ?? throw known.ToException();
        }

        try
        {
            IotCredentials fresh = await _endpoint.FetchAsync().ConfigureAwait(false);
            _failure = null;
            AwsTelemetry.Refreshed(error: null);
            TimeSpan half = fresh.Lifetime / 2;
            PreemptExpiryTime = half < _options.RefreshBefore ? half : _options.RefreshBefore;
            Log.CredentialsRefreshed(_logger, _options.RoleAlias, fresh.Lifetime);
            return new CredentialsRefreshState(
                fresh.Keys, (time.GetUtcNow() + fresh.Lifetime).UtcDateTime, _timeProvider);
        }
        catch (AwsException e)
        {
            AwsTelemetry.Refreshed(e.Code);
            var failure = new Failure(e, time.GetTimestamp());
            _failure = failure;
            CredentialsRefreshState? old = StillValid(failure.RememberFor);
            Log.CredentialsRefreshFailed(_logger, _options.RoleAlias, e.Message, old?.Expiration, failure.RememberFor);
            if (old is null)
            {
                throw;
            }

            return old;
        }
    }

    /// <summary>The keys at hand, when they still hold; the base class is told to ask again only after the pause.</summary>
    private CredentialsRefreshState? StillValid(TimeSpan pause)
    {
        if (currentState is not { } old)
        {
            return null;
        }

        TimeSpan left = old.Expiration - _timeProvider.CorrectedUtcNow;
        if (left <= TimeSpan.Zero)
        {
            return null;
        }

        PreemptExpiryTime = left > pause ? left - pause : TimeSpan.Zero;
        return old;
    }

    private sealed class Clock(TimeProvider timeProvider) : ITimeProvider
    {
        public DateTime CorrectedUtcNow => timeProvider.GetUtcNow().UtcDateTime;
    }

    private sealed record Failure(AwsException Cause, long At)
    {
        public TimeSpan RememberFor { get; } = (int?)Cause.StatusCode switch
        {
            >= 500 => TimeSpan.FromMinutes(1),
            >= 400 => TimeSpan.FromMinutes(2),
            _ => TimeSpan.FromSeconds(10),
        };

        // One exception object for each throw: a shared one would mix the stacks of all who catch it.
        public AwsException ToException() => new(Cause.Message, Cause)
        {
            Service = Cause.Service,
            Operation = Cause.Operation,
            Code = Cause.Code,
            StatusCode = Cause.StatusCode,
            RequestId = Cause.RequestId,
            IsTransient = Cause.IsTransient,
        };
    }
}
