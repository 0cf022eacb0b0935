namespace IotOps.Fleet.Queries;

/// <summary>A character of a word.</summary>
/// <param name="Value">The character, without its escape.</param>
/// <param name="IsWildcard">Whether it stands for others: <c>*</c> or <c>?</c> without an escape.</param>
internal readonly record struct QueryCharacter(char Value, bool IsWildcard);
