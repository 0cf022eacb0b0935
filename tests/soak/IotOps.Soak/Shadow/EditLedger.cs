namespace IotOps.Soak.Shadow;

/// <summary>For each editor the last number that was answered and the last one sent. Safe for concurrent use.</summary>
internal sealed class EditLedger(int editors)
{
    private readonly int[] _sent = new int[editors];
    private readonly int[] _answered = new int[editors];
    private long _total;

    public int Editors => editors;

    public long Answered => Interlocked.Read(ref _total);

    /// <summary>The number of an editor's next edit. Called before it is sent.</summary>
    public int Next(int editor) => Interlocked.Increment(ref _sent[editor]);

    /// <summary>The agent said that the edit is safe.</summary>
    public void Answer(int editor, int number)
    {
        Volatile.Write(ref _answered[editor], number);
        Interlocked.Increment(ref _total);
    }

    /// <summary>What is wrong with a number found after a kill: null when it is the last answered, or the one that was under way.</summary>
    public string? Check(int editor, int found) =>
        found >= Volatile.Read(ref _answered[editor]) && found <= Volatile.Read(ref _sent[editor])
            ? null
            : $"editor {editor}: edit {Volatile.Read(ref _answered[editor])} was answered, {Volatile.Read(ref _sent[editor])} sent, but {found} is there";
}
