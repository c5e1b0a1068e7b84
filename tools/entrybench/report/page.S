/* What report.html carries with it: its style and its script, each a C string. */
	.section .rodata
	.globl	page_css, page_js
page_css:
	.incbin	"page.css"
	.byte	0
page_js:
	.incbin	"page.js"
	.byte	0
	.section .note.GNU-stack, "", @progbits
