namespace IotOps.Detect;

/// <summary>A call of a quarantine.</summary>
public enum QuarantineStepKind
{
    /// <summary>UpdateCertificate to INACTIVE. Undone by UpdateCertificate to ACTIVE.</summary>
    DeactivateCertificate,

    /// <summary>DeleteConnection without its will message. Nothing undoes it: the device connects again when it may. It may fail without stopping the rest.</summary>
    DeleteConnection,

    /// <summary>AddThingToThingGroup. Undone by RemoveThingFromThingGroup.</summary>
    AddToGroup,

    /// <summary>AttachPolicy to a certificate. Undone by DetachPolicy.</summary>
    AttachPolicy,

    /// <summary>DetachPolicy from a certificate. Undone by AttachPolicy.</summary>
    DetachPolicy,

    /// <summary>UpdateCertificate to REVOKED, after the hold and an approval. Final.</summary>
    RevokeCertificate,
}
