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

    /// <summary>The environment that a request's id belongs to; null when none does.</summary>
    public OpenEnvironment? Of(string requestId) => _open.TryGetValue("", out Lazy<OpenEnvironment>? unnamed)
        ? unnamed.Value
        : RequestId.Environment(requestId, _open.Keys) is { } name ? _open[name].Value : null;
}
