namespace IotOps.Fleet;

/// <summary>A stretch of time with far more errors than before it.</summary>
/// <param name="Start">Its first moment.</param>
/// <param name="End">The first moment behind it.</param>
/// <param name="Errors">Errors in it.</param>
/// <param name="Expected">Errors that the hour before lets expect.</param>
/// <param name="Reason">The group that grew most, and by how much.</param>
public sealed record ErrorSurge(DateTimeOffset Start, DateTimeOffset End, long Errors, double Expected, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Start:u} to {End:u}: {Errors} errors, {Expected:0.#} expected; {Reason}";
}
