namespace IotOps.Logs.Reading;

/// <summary>What ends an event whose end is not in sight.</summary>
internal enum FrameEnd
{
    /// <summary>Nothing: it waits for more bytes.</summary>
    None,

    /// <summary>Time: the whole lines of a group are an event, a line without its end waits on.</summary>
    Flush,

    /// <summary>The file: no more bytes come.</summary>
    Final,
}
