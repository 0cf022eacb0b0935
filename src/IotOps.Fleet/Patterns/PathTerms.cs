namespace IotOps.Fleet.Patterns;

/// <summary>What a pattern asks of one path.</summary>
/// <param name="Terms">A value that any of them takes is enough.</param>
/// <param name="TakesAbsence">Whether it is enough that there is no value: <c>{"exists": false}</c>.</param>
internal sealed record PathTerms(IReadOnlyList<ValueTerm> Terms, bool TakesAbsence);
