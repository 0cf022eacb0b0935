namespace IotOps.Archive.Records;

/// <summary>Whether a record begins at a brace.</summary>
internal enum Beginning
{
    No,

    /// <summary>Behind a comma: a record, or an element of a list.</summary>
    Maybe,
    Yes,
}
