package main

// The help of verbs that need no more than an example.

// Help is shown by --help.
func (*caseKeyNewCmd) Help() string {
	return `Examples:

  constat case key new examiner.example
  constat case key new examiner.example --dir keys --passphrase

A case never holds a private key. Whoever verifies your cases needs the public one from you, by a way of its own.`
}

// Help is shown by --help.
func (*caseOpenCmd) Help() string {
	return `Examples:

  constat case open kp --question "Who could have cut it off?" --key keys/examiner.example.key
  constat case open kp --question "Was it cut?" --subject KP --from 2014-12-22 --for 2d --standard clear --key keys/examiner.example.key

Question and standard of proof are part of the case's name: they cannot be changed afterwards.`
}

// Help is shown by --help.
func (*caseAddCmd) Help() string {
	return `Examples:

  constat case add kp letter.pdf --note "As received" --key keys/examiner.example.key
  constat case add kp ministry.example.pub --for "the ministry" --key keys/examiner.example.key
  constat case add kp seen.note dissent.note --key keys/examiner.example.key
  constat case add kp ratings.toml --as evidence --key keys/examiner.example.key`
}

// Help is shown by --help.
func (*caseStateCmd) Help() string {
	return `Examples:

  constat case state kp statements.txt --key keys/examiner.example.key
  constat case state kp reply.txt --signature reply.txt.sig --note "Reply of the ministry" --key keys/examiner.example.key`
}

// Help is shown by --help.
func (*caseExamineCmd) Help() string {
	return `Examples:

  constat case examine kp --source ris:rrc00,rrc21 --key keys/examiner.example.key
  constat case examine kp KP --from 2014-12-22 --for 2d --key keys/examiner.example.key
  constat case examine kp --demo --key keys/examiner.example.key

The question is logged before any source is read, so that no attempt can be forgotten.`
}

// Help is shown by --help.
func (*caseConcludeCmd) Help() string {
	return `Example:

  constat case conclude kp --key keys/examiner.example.key

It can be done again when more was added: each verdict is an entry of its own.`
}

// Help is shown by --help.
func (*caseShowCmd) Help() string {
	return `Examples:

  constat case show kp
  constat case show kp --json

The log and its signatures are checked; files and findings are for constat verify.`
}

// Help is shown by --help.
func (*caseProveCmd) Help() string {
	return `Examples:

  constat case prove kp reply.txt -o reply.proof
  constat case prove kp 4
  constat verify reply.proof --examiner examiner.example.pub --holds reply.txt`
}

// Help is shown by --help.
func (*caseSignCmd) Help() string {
	return `Example, a party and the examiner:

  constat case sign reply.txt --case kp --key keys/ministry.example.key
  constat case state kp reply.txt --signature reply.txt.sig --key keys/examiner.example.key`
}

// Help is shown by --help.
func (*packCmd) Help() string {
	return `Example:

  constat pack kp -o kp.tar.zst

The case is verified first; whoever gets the file needs nothing else: constat verify kp.tar.zst.`
}

// Help is shown by --help.
func (*unpackCmd) Help() string {
	return `Example:

  constat unpack kp.tar.zst kp

Nothing is written outside the new folder. What it holds is shown by constat verify kp.`
}

// Help is shown by --help.
func (*witnessRequestCmd) Help() string {
	return `Examples:

  constat witness request kp -o request
  constat witness request kp --last seen.note -o request`
}

// Help is shown by --help.
func (*witnessSignCmd) Help() string {
	return `Example:

  constat witness sign request --key keys/witness.example.key --examiner examiner.example.pub -o seen.note

What was cosigned is kept in the folder of --seen. Whoever loses it must make a new key.`
}

// Help is shown by --help.
func (*caseWithdrawCmd) Help() string {
	return `Example:

  constat case withdraw kp 5 --why "Added twice; it is entry 4." --key keys/examiner.example.key

Statements, documents, sources and evidence can be withdrawn; what a party signed, what was asked, measured or concluded cannot.`
}

// Help is shown by --help.
func (*caseKeyGuardCmd) Help() string {
	return `Example:

  constat case key guard kp guardian.example.pub --key keys/examiner.example.key`
}

// Help is shown by --help.
func (*caseKeyHandoverCmd) Help() string {
	return `Example, a guardian and the examiner with a new key:

  constat case key handover kp.tar.zst --to new.example.pub --why "The laptop was stolen." --key keys/guardian.example.key -o handover.note
  constat case key rotate kp --handover handover.note --key keys/new.example.key`
}

// Help is shown by --help.
func (*caseKeyShowCmd) Help() string {
	return `Examples:

  constat case key show --key examiner.example
  constat case key show --key keys/witness.example.key --witness`
}
