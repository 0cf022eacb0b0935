using IotOps.Aws;
using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>Sends queries to the fleet index of the account: that of its own setting, or else that of the quarantines. One page a call.</summary>
internal sealed class IndexSearch : IDisposable
{
    /// <summary>Things of a page.</summary>
    public const int PageSize = FleetIndex.PageSize;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ActLog _log;
    private readonly TimeProvider _timeProvider;
    private readonly AwsClient? _own;
    private readonly FleetIndex? _index;

    public IndexSearch(ConsoleSettings settings, ActLog log, TimeProvider timeProvider, QuarantineTools? quarantine = null)
    {
        _log = log;
        _timeProvider = timeProvider;
        _own = settings.FleetIndex?.Make();
        _index = (_own ?? quarantine?.Iot) is { } client ? new FleetIndex(client) : null;
    }

    /// <summary>Whether an account is configured.</summary>
    public bool IsConfigured => _index is not null;

    /// <summary>Sends a query. Who sent which is in the audit log before it is sent.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="query">The query.</param>
    /// <param name="after">The page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="InvalidOperationException">No account is configured.</exception>
    public async Task<IndexAnswer> AskAsync(Actor actor, FleetQuery query, string? after, CancellationToken cancellationToken)
    {
        FleetIndex index = _index ?? throw new InvalidOperationException("No account is configured.");
        await _log.WriteAsync(actor, ActNames.Query, "fleet index", "granted", query.Text, cancellationToken);
        using var patience = new CancellationTokenSource(Patience, _timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            FleetThingPage page = await index.SearchPageAsync(query, after, PageSize, stop.Token);
            return new IndexAnswer(page.Things, page.Next);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Failed($"AWS IoT did not answer within {Patience.TotalSeconds:0} s. Send it again, or ask for less.");
        }
        catch (AwsException e)
        {
            return Failed(Words(e));
        }
        catch (Exception e) when (e is HttpRequestException or FormatException or IOException)
        {
            return Failed($"The answer of AWS IoT cannot be read: {e.Message}");
        }
    }

    public void Dispose() => _own?.Dispose();

    private static IndexAnswer Failed(string problem) => new([], null, problem);

    private static string Words(AwsException e) => e.Code switch
    {
        "IndexNotReadyException" => "The index is being built. Send it again in some minutes.",
        "ResourceNotFoundException" => "The account has no index of things. Switch fleet indexing on in AWS IoT's settings.",
        "InvalidQueryException" => $"AWS IoT does not take the query: {e.Message}",
        "ThrottlingException" or "LimitExceededException" => "AWS IoT has too many queries at the moment. Send it again in a minute.",
        "AccessDeniedException" or "UnauthorizedException" => "The console's credentials may not call iot:SearchIndex.",
        _ => $"{e.Operation} answered {e.Code}: {e.Message}",
    };
}
