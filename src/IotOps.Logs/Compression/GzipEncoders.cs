namespace IotOps.Logs.Compression;

/// <summary>Encoders kept for the next request, because each is 400 kB. Safe for concurrent use.</summary>
/// <param name="kept">How many are kept; more are made when more are wanted at once, and then go.</param>
internal sealed class GzipEncoders(int kept)
{
    private readonly GzipEncoder?[] _spares = new GzipEncoder?[kept];

    /// <summary>An encoder: one that was given back, or a new one.</summary>
    public GzipEncoder Rent()
    {
        for (int i = 0; i < _spares.Length; i++)
        {
            if (Interlocked.Exchange(ref _spares[i], null) is { } spare)
            {
                return spare;
            }
        }

        return new GzipEncoder();
    }

    /// <summary>Gives an encoder back after <see cref="GzipEncoder.Finish"/>.</summary>
    public void Return(GzipEncoder encoder)
    {
        for (int i = 0; i < _spares.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _spares[i], encoder, null) is null)
            {
                return;
            }
        }
    }
}
