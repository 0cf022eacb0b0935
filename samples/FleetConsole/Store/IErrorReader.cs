namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Errors of the AWS IoT logs. Ranges begin and end at whole minutes: earlier and later ones are widened to them.</summary>
public interface IErrorReader
{
    /// <summary>Errors by time and event type, with the number that is expected and the surges.</summary>
    Task<ErrorChart> ReadErrorChartAsync(ErrorQuery query, CancellationToken cancellationToken = default);

    /// <summary>The templates of a range, the most frequent first.</summary>
    /// <param name="query">The range, segment and event type.</param>
    /// <param name="before">How much earlier the range lies that they are compared with; null for no comparison.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<TemplateCount>> ReadTemplatesAsync(ErrorQuery query, TimeSpan? before = null, CancellationToken cancellationToken = default);

    /// <summary>One template by its number; null when there is none.</summary>
    Task<ErrorTemplate?> FindTemplateAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>Who the errors of a query came from: clients, principals, addresses and rules with most of them.</summary>
    /// <param name="query">The range, and mostly a template.</param>
    /// <param name="top">Values of each kind.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ErrorValues> ReadValuesAsync(ErrorQuery query, int top = 5, CancellationToken cancellationToken = default);

    /// <summary>Lines as they were logged, page by page.</summary>
    /// <param name="query">Which.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="limit">Lines of a page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<LinePage> ReadLinesAsync(LineQuery query, LineKey? after = null, int limit = 50, CancellationToken cancellationToken = default);

    /// <summary>The names of the segments that were counted, sorted.</summary>
    Task<IReadOnlyList<string>> ReadSegmentNamesAsync(CancellationToken cancellationToken = default);
}
