namespace IotOps.Shadow.Sync;

/// <summary>What the service says.</summary>
internal enum MessageKind
{
    /// <summary>Nothing this package listens to.</summary>
    Other,

    /// <summary>A whole shadow.</summary>
    GetAccepted,

    /// <summary>There is no shadow, or it may not be read.</summary>
    GetRejected,

    /// <summary>Someone changed the shadow.</summary>
    UpdateAccepted,

    /// <summary>An update was refused.</summary>
    UpdateRejected,

    /// <summary>What is desired and not reported.</summary>
    Delta,

    /// <summary>Someone deleted the shadow.</summary>
    DeleteAccepted,
}
