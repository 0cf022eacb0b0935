namespace IotOps.Archive.Exporting;

/// <summary>Counts lines, an unended last one included.</summary>
internal struct LineCount
{
    private long _ended;
    private bool _isOpen;

    public readonly long Total => _ended + (_isOpen ? 1 : 0);

    /// <summary>Lines without an unended last one.</summary>
    public readonly long Ended => _ended;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            _ended += bytes.Count((byte)'\n');
            _isOpen = bytes[^1] != (byte)'\n';
        }
    }
}
