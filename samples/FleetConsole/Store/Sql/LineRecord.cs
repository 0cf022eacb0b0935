namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>An error as it lies in the table of lines; names are numbers, 0 for none.</summary>
internal readonly record struct LineRecord(
    long Time, long Key, long Template, long Segments, long Client, long Principal, long Address, long Rule, ReadOnlyMemory<byte> Line);
