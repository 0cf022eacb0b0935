namespace IotOps.Aws.Credentials;

/// <summary>What to do about each refusal that the AWS IoT credentials provider documents.</summary>
internal static class IotCredentialsAdvice
{
    public static string For(int status, string message, IotCredentialsProviderOptions options) => status switch
    {
        404 => $"Create the role alias {options.RoleAlias} (aws iot create-role-alias) in the endpoint's own account and region.",
        400 when Says(message, "duration") =>
            "Lower credentialDurationSeconds of the role alias, or raise the role's maximum session duration.",
        400 when Says(message, "assume role") =>
            "The IAM role must exist and its trust policy must let the service credentials.iot.amazonaws.com do sts:AssumeRole.",
        400 => "Check the role alias and the thing name.",
        403 when Says(message, "thing name") =>
            $"Attach the certificate to the thing {options.ThingName ?? "named in x-amzn-iot-thingname"}, or give the name of the thing that it is attached to.",
        403 when Says(message, "certificate") =>
            "Register and activate the device certificate in this account and region.",
        403 => $"Attach to the certificate an AWS IoT policy that allows iot:AssumeRoleWithCertificate on rolealias/{options.RoleAlias}.",
        429 => "Fewer devices should start at the same moment; the call is tried again later.",
        _ => "The call is tried again later.",
    };

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
