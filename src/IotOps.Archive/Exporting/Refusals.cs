using IotOps.Aws;

namespace IotOps.Archive.Exporting;

/// <summary>
/// Tells an object that this role may not read from a role that may read nothing: the first is left out, the second is the export's own fault.
/// </summary>
internal sealed class Refusals
{
    // So many in a row, before anything could be read, are no accident.
    private const int MostBeforeAny = 100;

    private AwsException? _first;
    private int _count;

    /// <summary>True once an object could be read.</summary>
    public bool HasPassed { get; set; }

    /// <summary>Takes a refusal; false when it has to end the export.</summary>
    public bool MayBeSkipped(AwsException refusal)
    {
        _first ??= refusal;
        return HasPassed || ++_count < MostBeforeAny;
    }

    /// <exception cref="AwsException">All that was asked for was refused: the first refusal.</exception>
    public void ThrowIfAll()
    {
        if (!HasPassed && _first is not null)
        {
            throw _first;
        }
    }
}
