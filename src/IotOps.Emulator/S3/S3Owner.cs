using System.Xml;

namespace IotOps.Emulator.S3;

/// <summary>Everything belongs to the one account.</summary>
internal static class S3Owner
{
    private const string Id = "emulator";
    private const string InstanceNamespace = "http://www.w3.org/2001/XMLSchema-instance";

    public static void Write(XmlWriter xml, string element)
    {
        xml.WriteStartElement(element);
        xml.WriteElementString("ID", Id);
        xml.WriteEndElement();
    }

    /// <summary>The answer of GetBucketAcl and GetObjectAcl: the owner may do everything, and nobody else anything.</summary>
    public static Task WriteAclAsync(S3Call call) => S3Answer.WriteXmlAsync(call, "AccessControlPolicy", xml =>
    {
        Write(xml, "Owner");
        xml.WriteStartElement("AccessControlList");
        xml.WriteStartElement("Grant");
        xml.WriteStartElement("Grantee");
        xml.WriteAttributeString("xsi", "type", InstanceNamespace, "CanonicalUser");
        xml.WriteElementString("ID", Id);
        xml.WriteEndElement();
        xml.WriteElementString("Permission", "FULL_CONTROL");
        xml.WriteEndElement();
        xml.WriteEndElement();
    });
}
