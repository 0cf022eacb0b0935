namespace IotOps.Samples.Json5;

/// <summary>One member of a JSON5 object, with the place of its name.</summary>
/// <param name="Name">The name, escapes resolved.</param>
/// <param name="Value">The value.</param>
/// <param name="Line">Line of the name, from 1.</param>
/// <param name="Column">Column of the name in UTF-16 units, from 1.</param>
public sealed record Json5Member(string Name, Json5Value Value, int Line, int Column);
