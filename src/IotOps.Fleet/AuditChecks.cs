namespace IotOps.Fleet;

/// <summary>
/// The checks of Device Defender Audit and how bad each is. A finding's own severity comes first: the service may change its mind.
/// See https://docs.aws.amazon.com/iot-device-defender/latest/devguide/device-defender-audit-checks.html.
/// </summary>
public static class AuditChecks
{
    private static readonly Dictionary<string, FindingSeverity> Severities = new(StringComparer.Ordinal)
    {
        ["AUTHENTICATED_COGNITO_ROLE_OVERLY_PERMISSIVE_CHECK"] = FindingSeverity.Critical,
        ["CA_CERTIFICATE_EXPIRING_CHECK"] = FindingSeverity.Medium,
        ["CA_CERTIFICATE_KEY_QUALITY_CHECK"] = FindingSeverity.Critical,
        ["CONFLICTING_CLIENT_IDS_CHECK"] = FindingSeverity.High,
        ["DEVICE_CERTIFICATE_AGE_CHECK"] = FindingSeverity.Low,
        ["DEVICE_CERTIFICATE_EXPIRING_CHECK"] = FindingSeverity.Medium,
        ["DEVICE_CERTIFICATE_KEY_QUALITY_CHECK"] = FindingSeverity.Critical,
        ["DEVICE_CERTIFICATE_SHARED_CHECK"] = FindingSeverity.Critical,
        ["INTERMEDIATE_CA_REVOKED_FOR_ACTIVE_DEVICE_CERTIFICATES_CHECK"] = FindingSeverity.Critical,
        ["IOT_POLICY_OVERLY_PERMISSIVE_CHECK"] = FindingSeverity.Critical,
        ["IOT_POLICY_POTENTIAL_MISCONFIGURATION_CHECK"] = FindingSeverity.Medium,
        ["IOT_ROLE_ALIAS_ALLOWS_ACCESS_TO_UNUSED_SERVICES_CHECK"] = FindingSeverity.Medium,
        ["IOT_ROLE_ALIAS_OVERLY_PERMISSIVE_CHECK"] = FindingSeverity.Critical,
        ["LOGGING_DISABLED_CHECK"] = FindingSeverity.Low,
        ["REVOKED_CA_CERTIFICATE_STILL_ACTIVE_CHECK"] = FindingSeverity.Critical,
        ["REVOKED_DEVICE_CERTIFICATE_STILL_ACTIVE_CHECK"] = FindingSeverity.Medium,
        ["UNAUTHENTICATED_COGNITO_ROLE_OVERLY_PERMISSIVE_CHECK"] = FindingSeverity.Critical,
    };

    /// <summary>The names of all checks.</summary>
    public static IReadOnlyCollection<string> Names => Severities.Keys;

    /// <summary>The checks that a daily audit has at least: those whose severity is high or critical.</summary>
    public static IReadOnlyList<string> HighAndCritical { get; } = [.. Severities.Where(check => check.Value >= FindingSeverity.High).Select(check => check.Key)];

    /// <summary>The check's name today: two had another one. Unknown names stay as they are.</summary>
    public static string Canonical(string name) => name switch
    {
        "DEVICE_CERT_APPROACHING_EXPIRATION_CHECK" => "DEVICE_CERTIFICATE_EXPIRING_CHECK",
        "REVOKED_CA_CERT_CHECK" => "REVOKED_CA_CERTIFICATE_STILL_ACTIVE_CHECK",
        _ => name,
    };

    /// <summary>How bad a finding of a check is; unknown for a check that is new.</summary>
    public static FindingSeverity SeverityOf(string name) => Severities.GetValueOrDefault(Canonical(name));
}
