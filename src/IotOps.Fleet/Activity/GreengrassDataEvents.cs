namespace IotOps.Fleet.Activity;

/// <summary>The data plane of Greengrass V2.</summary>
internal static class GreengrassDataEvents
{
    private const string Certificate = "AWS::IoT::Certificate";
    private const string Thing = "AWS::IoT::Thing";
    private const string ComponentVersion = "AWS::GreengrassV2::ComponentVersion";

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByApi { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        ["VerifyClientDeviceIdentity"] = [Certificate],
        ["VerifyClientDeviceIoTCertificateAssociation"] = [Certificate, Thing],
        ["GetComponentVersionArtifact"] = [ComponentVersion],
        ["ResolveComponentCandidates"] = [ComponentVersion],
        ["GetDeploymentConfiguration"] = ["AWS::GreengrassV2::Deployment"],
        ["ListThingGroupsForCoreDevices"] = [Thing],
        ["PutCertificateAuthorities"] = [Thing],
    };
}
