namespace IotOps.Emulator.Logs.Queries;

/// <summary>What a query found.</summary>
/// <param name="Rows">Each with its fields in their order.</param>
/// <param name="Matched">Events that its filters let through.</param>
/// <param name="Scanned">Events that it read.</param>
/// <param name="Bytes">Of their messages.</param>
internal sealed record QueryResult(IReadOnlyList<IReadOnlyList<(string Field, string Value)>> Rows, long Matched, long Scanned, long Bytes);
