namespace IotOps.Fleet.Trail;

/// <summary>JSON without line ends: in well-formed JSON they stand between tokens only, so a blank can take their place.</summary>
internal static class OneLine
{
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            return json;
        }

        byte[] line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
