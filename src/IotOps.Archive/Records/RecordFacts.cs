namespace IotOps.Archive.Records;

/// <summary>What a record says of itself. A property that is not asked for counts as right.</summary>
internal struct RecordFacts(bool anyDevice, bool anyTime)
{
    public bool HasIdentifier = anyDevice;
    public bool IsDevice = anyDevice;
    public bool HasTime = anyTime;
    public bool IsInTime = anyTime;
}
