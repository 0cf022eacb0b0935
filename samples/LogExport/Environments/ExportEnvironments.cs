using IotOps.Samples.LogExport.Requests;

namespace IotOps.Samples.LogExport.Environments;

/// <summary>The environments by name; a program with one environment has one without a name. Each is opened at first use.</summary>
/// <param name="names">The names; empty for one environment without.</param>
/// <param name="open">Opens one; null is the one without a name.</param>
internal sealed class ExportEnvironments(IReadOnlyList<string> names, Func<string?, ExportEnvironment> open)
{
    private readonly Dictionary<string, Lazy<ExportEnvironment>> _named =
        names.ToDictionary(name => name, name => new Lazy<ExportEnvironment>(() => open(name)), StringComparer.Ordinal);

    private readonly Lazy<ExportEnvironment> _unnamed = new(() => open(null));

    /// <summary>An environment by the name that a command gave.</summary>
    public ExportEnvironment Get(string? name) => name is null ? _unnamed.Value : _named[name].Value;

    /// <summary>The environment that a request's id belongs to; null when none does.</summary>
    public ExportEnvironment? Of(string requestId) => names.Count == 0
        ? _unnamed.Value
        : RequestId.Environment(requestId, names) is { } name ? _named[name].Value : null;
}
