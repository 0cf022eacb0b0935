namespace IotOps.Detect;

/// <summary>How far a quarantine is.</summary>
public enum QuarantineState
{
    /// <summary>It has not begun: it was refused, or it was a dry run.</summary>
    NotStarted,

    /// <summary>Some of its calls are made. It can be resumed or undone.</summary>
    Running,

    /// <summary>All calls are made that can be undone. After the hold and an approval it can be revoked.</summary>
    Held,

    /// <summary>It is approved, and some certificates may be revoked. It can be resumed, and not be undone once a certificate was to be revoked.</summary>
    Revoking,

    /// <summary>The certificates are revoked.</summary>
    Revoked,

    /// <summary>Some of its calls are undone, single ones or on the way to all. The undoing can go on; nothing else is done with it any more.</summary>
    Undoing,

    /// <summary>It is undone.</summary>
    Undone,
}
