using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Environments;

/// <summary>The environments by name, each opened at first use.</summary>
/// <param name="environments">One without a name, or any number with different names.</param>
/// <param name="open">Opens one.</param>
internal sealed class OpenEnvironments(IReadOnlyList<SlackExportEnvironment> environments, Func<SlackExportEnvironment, OpenEnvironment> open)
{
    private readonly Dictionary<string, Lazy<OpenEnvironment>> _open =
        environments.ToDictionary(e => e.Name ?? "", e => new Lazy<OpenEnvironment>(() => open(e)), StringComparer.Ordinal);

    /// <summary>An environment by the name that a command gave; null is the one without a name.</summary>
    public OpenEnvironment Get(string? name) => _open[name ?? ""].Value;

    /// <summary>The name of the environment that a request's id belongs to; false when it belongs to none.</summary>
    /// <param name="requestId">The id.</param>
    /// <param name="name">The name; null for the one without a name.</param>
    public bool TryName(string requestId, out string? name)
    {
        name = _open.ContainsKey("") ? null : RequestIds.Environment(requestId, _open.Keys);
        return name is not null || _open.ContainsKey("");
    }
}
