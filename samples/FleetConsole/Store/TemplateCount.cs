namespace IotOps.Samples.FleetConsole.Store;

/// <summary>How often a template came.</summary>
/// <param name="Template">The template.</param>
/// <param name="Errors">Errors of the range.</param>
/// <param name="Before">Errors of the range that it is compared with; null without one.</param>
/// <param name="Trend">Errors of twelve equal parts of the range, the earliest first.</param>
public sealed record TemplateCount(ErrorTemplate Template, long Errors, long? Before, IReadOnlyList<long> Trend)
{
    /// <summary>Whether it did not come in the range that it is compared with.</summary>
    public bool IsNew => Before == 0 && Errors > 0;
}
