namespace IotOps.Fleet;

/// <summary>Errors that say the same.</summary>
/// <param name="EventType">What happened; null for free text.</param>
/// <param name="Reason">The reason's code; null for none.</param>
/// <param name="Template">What their details have in common; <c>&lt;*&gt;</c> where they differ.</param>
/// <param name="Errors">How many.</param>
public sealed record ErrorGroup(string? EventType, string? Reason, string Template, long Errors)
{
    /// <summary>The clients with most of them.</summary>
    public IReadOnlyList<ErrorShare> Clients { get; init; } = [];

    /// <summary>The principals with most of them.</summary>
    public IReadOnlyList<ErrorShare> Principals { get; init; } = [];

    /// <summary>The addresses with most of them.</summary>
    public IReadOnlyList<ErrorShare> Addresses { get; init; } = [];

    /// <summary>The rules with most of them.</summary>
    public IReadOnlyList<ErrorShare> Rules { get; init; } = [];

    /// <summary>One line: <c>Connect AUTHORIZATION_FAILURE: Authorization Failure</c>.</summary>
    public override string ToString() => $"{EventType ?? "text"}{(Reason is null ? "" : $" {Reason}")}: {Template}";
}
