using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace IotOps.Fleet.Trail;

/// <summary>Puts what addenda say into the record that they complete. Texts are copied as they are written, whatever is wrong with them.</summary>
internal static class AddendumMerge
{
    private static readonly string AddendumName = RecordFields.Names[(int)RecordField.Addendum];

    /// <summary>
    /// The original with the members that the addenda update, and with the last addendum's own member <c>addendum</c>. Of a path such as
    /// <c>responseElements.x</c> the whole first member is taken: the addendum repeats what else is in it.
    /// </summary>
    public static CloudTrailRecord Merge(CloudTrailRecord original, IReadOnlyList<CloudTrailRecord> addenda, bool isRevision)
    {
        var updates = new Dictionary<string, JsonProperty>(StringComparer.Ordinal);
        foreach (CloudTrailRecord addendum in addenda)
        {
            HashSet<string> updated = [AddendumName, .. addendum.Addendum?.UpdatedFields.Select(field => field.Split('.')[0]) ?? []];
            foreach (JsonProperty member in JsonElement.Parse(addendum.Json.Span).EnumerateObject().Where(member => updated.Contains(Members.Name(member))))
            {
                updates[Members.Name(member)] = member;
            }
        }

        var json = new ArrayBufferWriter<byte>(original.Json.Length + 1_024);
        json.Write("{"u8);
        foreach (JsonProperty member in JsonElement.Parse(original.Json.Span).EnumerateObject().Where(member => !updates.ContainsKey(Members.Name(member))))
        {
            Write(json, member);
        }

        foreach (JsonProperty member in updates.Values)
        {
            Write(json, member);
        }

        json.Write("}"u8);
        return RecordParts.Own(json.WrittenSpan, isRevision);
    }

    private static void Write(ArrayBufferWriter<byte> json, JsonProperty member)
    {
        json.Write(json.WrittenCount > 1 ? ",\""u8 : "\""u8);
        json.Write(JsonMarshal.GetRawUtf8PropertyName(member));
        json.Write("\":"u8);
        json.Write(JsonMarshal.GetRawUtf8Value(member.Value));
    }
}
