namespace IotOps.Detect;

/// <summary>Why a plan is not carried out.</summary>
public enum QuarantineRefusalKind
{
    /// <summary>A certificate is attached to other things too; <see cref="QuarantineRequest.AllowSharedCertificates"/> overrides it.</summary>
    SharedCertificate,

    /// <summary>The thing is in a protected group; <see cref="QuarantineRequest.AllowProtectedGroups"/> overrides it.</summary>
    ProtectedGroup,

    /// <summary>The thing is in ten groups, and AWS IoT takes no eleventh. Nothing overrides it.</summary>
    TooManyGroups,

    /// <summary>The thing has no certificate, so that nothing would be taken from it. Nothing overrides it.</summary>
    NoCertificate,

    /// <summary>A principal is not a certificate, or a certificate is being transferred or activated. Nothing overrides it.</summary>
    UnsupportedPrincipal,

    /// <summary>The quarantine group or the deny policy is not there, or the group is dynamic. Nothing overrides it.</summary>
    MissingResource,
}
