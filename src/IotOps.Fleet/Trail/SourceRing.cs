namespace IotOps.Fleet.Trail;

/// <summary>The latest sources by their number, so that a few of them can be read once more.</summary>
internal sealed class SourceRing
{
    private const int Kept = 4_096;

    private readonly List<TrailSource> _latest = [];
    private int _added;

    /// <summary>Keeps a source and gives it a number.</summary>
    public int Add(TrailSource source)
    {
        int number = _added++;
        if (number < Kept)
        {
            _latest.Add(source);
        }
        else
        {
            _latest[number % Kept] = source;
        }

        return number;
    }

    /// <summary>A source; null when it was too long ago.</summary>
    public TrailSource? Find(int number) => number < _added && number >= _added - Kept ? _latest[number % Kept] : null;
}
