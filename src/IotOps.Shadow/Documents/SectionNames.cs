namespace IotOps.Shadow.Documents;

/// <summary>The sections as the service spells them.</summary>
internal static class SectionNames
{
    public const string Desired = "desired";
    public const string Reported = "reported";

    public static string Of(ShadowSection section) => section == ShadowSection.Desired ? Desired : Reported;
}
